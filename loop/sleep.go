package loop

import "time"

// wakeLocked ends the runner's sleep. Being asleep is given up here, by the waker, so that there is one token for each sleep: the send
// never blocks, and a thousand posts to a loop that is awake or already woken cost no wake-up.
func (l *Loop) wakeLocked() {
	if l.asleep {
		l.asleep = false
		l.wake <- struct{}{}
	}
}

// sleepLocked gives up the mutex until the runner is woken or the next timer is due, or until giveUp, and tells whether it was giveUp.
// It may also return for no reason.
func (l *Loop) sleepLocked(giveUp <-chan struct{}) (gaveUp bool) {
	due := l.setClockLocked()
	l.asleep = true
	l.mu.Unlock()

	woken := false
	if due == nil && giveUp == nil {
		<-l.wake
		woken = true
	} else {
		select {
		case <-l.wake:
			woken = true
		case <-due:
		case <-giveUp:
			gaveUp = true
		}
		if due != nil {
			l.clock.Stop() // under a virtual clock a timer left behind would move it
		}
	}

	l.mu.Lock()
	if !woken {
		if l.asleep {
			l.asleep = false
		} else {
			<-l.wake // sent before asleep was seen as false: both happen under the mutex
		}
	}
	return gaveUp
}

// setClockLocked sets the clock to the first deadline and returns its channel, nil if there is none.
func (l *Loop) setClockLocked() <-chan time.Time {
	if len(l.timers) == 0 {
		return nil
	}
	d := l.timers[0].when - l.now()
	if l.clock == nil {
		l.clock = time.NewTimer(d)
	} else {
		l.clock.Reset(d)
	}
	return l.clock.C
}
