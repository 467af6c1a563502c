"""Pages of residents: what a claim would bring, and later the claim itself."""
