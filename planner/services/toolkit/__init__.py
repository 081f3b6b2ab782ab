"""The toolkit."""
