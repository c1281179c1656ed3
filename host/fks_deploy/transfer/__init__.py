"""What `fks migrate` needs of a server: closed databases, dumps and files as streams; standard
library only."""
