"""Declarative push-as-code for Alibaba Cloud mPaaS: plan, review, apply, exactly once."""

__version__ = "0.1.0"
