"""What `healing.proof` is made of: values, effects, a failing step's reach, and the check of what ran before."""
