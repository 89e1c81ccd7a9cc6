"""The product on real parts: signed requests through the real bot, services on ports, real databases."""
