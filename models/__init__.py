"""Tables, machines, money and rights: floor 0, which imports nothing of ours."""
