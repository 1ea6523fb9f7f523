"""The push service of Alibaba Cloud mPaaS: its parameters, its answers and calls of it."""
