"""The state in an object of Alibaba Cloud OSS that can only be appended to."""
