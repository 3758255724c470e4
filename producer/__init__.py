"""The producer: decides how many prompts are wanted, has them worded, submits them."""
