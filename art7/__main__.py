"""`python -m art7` is `art7`."""

from art7.cli import main

if __name__ == "__main__":  # worker processes import this file too
    main()
