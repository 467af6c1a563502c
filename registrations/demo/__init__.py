"""Demonstration registrations: of people who do not exist, every one marked 示例."""
