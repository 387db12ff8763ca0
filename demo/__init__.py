"""The demonstration: servers from wheels, the whole product on one machine, and a case to look at."""
