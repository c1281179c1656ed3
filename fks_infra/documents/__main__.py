"""`make docs`: writes the generated files."""

from fks_infra.documents.generated import write

if __name__ == "__main__":
    write()
