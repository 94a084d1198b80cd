"""Copies orders and payments into the warehouse."""
