"""Stand-ins for services we can't run here: servers on ports, as strict as the vendors' documentation."""
