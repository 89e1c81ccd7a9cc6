"""What the product, the doubles around it and the load on it have to agree about in a run."""

SIGNING_SECRET = "bench-signing-secret"  # noqa: S105  guards nothing but this run
BOT_TOKEN = "xoxb-bench"  # noqa: S105  likewise
INTAKE_TOKEN = "bench-intake-token"  # noqa: S105  likewise
VAULT_KEY = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlISE="
TEAM, USER, ADMIN, CHANNEL = "TDEMO", "UANA", "UADMIN", "CAPPLICANTS"
CV_BYTES = 200_000
