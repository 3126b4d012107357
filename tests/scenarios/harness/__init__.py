"""What the scenarios share: the running program, its clients, its live streams, raw wires, real texts."""
