"""Comments on pull requests of GitHub and GitLab, and what a CI job tells about itself."""
