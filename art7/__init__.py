"""The Article 7 coder: reads transparency reports, codes them into indicators, lets people browse the result."""

__version__ = "0.1.0"
