"""The days: columns of people and worlds, the order of a day, the months, several devices."""
