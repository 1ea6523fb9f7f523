"""What the schema allows and a reviewer would refuse."""
