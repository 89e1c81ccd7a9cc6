"""What is decided: values in, values out."""
