"""How is what people tell us kept from those who must not read it? Encryption, the audit chain, redaction."""
