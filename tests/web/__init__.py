"""HTTP from outside, over a real server on a port."""
