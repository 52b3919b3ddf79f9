"""Face 3: HTTP on this machine alone, the specification's v2 contract: profiles and books so far."""
