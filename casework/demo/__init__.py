"""What the demonstrations of all kinds of case share: people who do not exist, days, papers."""
