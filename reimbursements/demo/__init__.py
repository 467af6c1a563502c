"""Demonstration claims; every name carries 示例, every number is made up."""
