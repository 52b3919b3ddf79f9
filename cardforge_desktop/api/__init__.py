"""Face 3: HTTP on this machine alone, the specification's v2 contract. So far profiles (sections 2 and 4)."""
