"""The pages of residents and establishments, and of everybody who only looks: services, requests, documents, numbers."""
