package db

import "time"

// fewHalf is how many acts a group must have that is made smaller than it could be:
// a commit costs SQLite about as much as a dozen of them.
const fewHalf = 24

// A crowd is those who write at the same time, as the writer has seen them lately.
// In a busy program everybody who is answered comes back at once: if all were always in
// one group, nobody would have anything to do while the writer works, and the writer
// nothing while they prepare their next acts. So a large crowd goes in two groups, by
// turns, and one half prepares while the writer is busy with the other.
type crowd struct {
	size int           // how many they are; forgotten slowly
	each time.Duration // what an act of theirs takes the writer, smoothed
}

// room returns how many acts the next group may have, where so many callers are there
// now, in the queue and waiting for a sync. A half that were done before a sync is would
// only wait for it: then all may come.
func (c *crowd) room(callers int, sync time.Duration) int {
	c.size = max(callers, c.size*15/16)
	half := (c.size + 1) / 2
	if half < fewHalf || time.Duration(half)*c.each < sync {
		return maxGroup
	}
	return min(half, maxGroup)
}

// wrote notes what a group has taken. A transaction says nothing about acts.
func (c *crowd) wrote(jobs []*job, took time.Duration) {
	for _, j := range jobs {
		if j.load == nil {
			return
		}
	}
	c.each = (7*c.each + took/time.Duration(len(jobs))) / 8
}
