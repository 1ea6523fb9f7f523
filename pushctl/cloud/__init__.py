"""The push service of Alibaba Cloud mPaaS, behind the `PushService` port."""
