"""The pages of residents, establishments and whoever only looks: services, requests, documents, numbers."""
