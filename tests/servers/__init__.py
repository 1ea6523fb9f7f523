"""Servers and engines that tests run against."""
