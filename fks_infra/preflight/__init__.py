"""What an earlier or interrupted run left in the state and in the clouds."""
