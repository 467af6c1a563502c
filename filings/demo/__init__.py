"""Demonstration data: people who do not exist and their cases, every one marked 示例.

Made through the same functions as real cases, day by day, so that numbers, events,
letters and clocks are true to each other.
"""
