"""The house under kill -9: its processes, residents who file, and a gateway that counts."""
