"""How do people reach us? Doors to the conversation and to a referral; the only home of Sanic."""
