"""The state on a server for Terraform states, such as those of GitLab and Gitea."""
