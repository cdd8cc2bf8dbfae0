"""`python -m verif.csr`: writes what is made from the register map, and its tables in docs/."""

from verif.builder import shown
from verif.csr.generate import DOC, document, generate

print(f"register map: {shown(generate())}")
DOC.write_text(document(DOC.read_text(encoding="utf-8")), encoding="utf-8")
