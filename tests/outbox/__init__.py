"""The durable queue on both databases: written with its cause, delivered once, in turn, whatever breaks."""
