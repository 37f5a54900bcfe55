package sctbench

// Published is a program's row: mean schedules to the first bug, over those of 20 trials that found it within 10,000.
// SURW, URW and PCT count the run that profiles. 0 means that no trial did.
//
// SURW, URW (there: N-S), Random, POS, PCT3 and PCT10: the artifact of "Selectively Uniform Concurrency Testing" (ASPLOS 2025), table 2
// and its raw data. RFF: the artifact of "Greybox Fuzzing for Concurrency Testing" (ASPLOS 2024).
type Published struct {
	SURW, URW, Random, POS, PCT3, PCT10, RFF float64
}

var published = map[string]Published{
	"reorder_3":                          {7.3, 23.9, 0, 85.5, 185.2, 148.1, 7},
	"reorder_4":                          {7.3, 21.9, 0, 533.0, 554.0, 362.3, 6},
	"reorder_5":                          {10.4, 27.3, 0, 2169.1, 646.8, 1094.2, 6},
	"reorder_10":                         {17.2, 74.2, 0, 0, 3225.3, 4461.9, 6},
	"reorder_20":                         {6.0, 9.7, 0, 0, 3005.1, 3297.3, 6},
	"reorder_50":                         {13.0, 74.9, 0, 0, 3304.5, 9422.0, 6},
	"reorder_100":                        {194.2, 3785.1, 0, 0, 0, 0, 6},
	"twostage":                           {7.5, 9.0, 464.1, 15.1, 12.6, 8.7, 8},
	"twostage_20":                        {5.7, 23.8, 0, 156.0, 159.2, 100.7, 22},
	"twostage_50":                        {20.5, 92.9, 0, 1637.2, 1676.0, 692.0, 35},
	"twostage_100":                       {453.9, 2991.7, 0, 6673.7, 7466.0, 5725.9, 56},
	"wronglock":                          {7.5, 3.5, 35.9, 10.2, 51.1, 20.1, 1},
	"wronglock_3":                        {8.8, 4.6, 35.9, 10.8, 58.1, 14.1, 1},
	"account":                            {5.8, 2.9, 18.1, 4.1, 4.3, 4.5, 1},
	"bluetooth_driver":                   {70.2, 1493.9, 214.7, 36.1, 112.5, 83.0, 45},
	"queue":                              {2.1, 2.0, 1.0, 1.1, 3.3, 2.3, 1},
	"stack":                              {4.6, 985.8, 176.0, 1.7, 3.2, 2.6, 2},
	"token_ring":                         {8.2, 9.0, 13.0, 8.6, 8.2, 7.8, 5},
	"lazy01":                             {2.0, 4.0, 20.6, 4.7, 4.9, 4.6, 6},
	"deadlock01":                         {1.8, 2.6, 3.2, 3.5, 12.9, 7.4, 5},
	"stringbuffer-jdk1.4":                {8.5, 834.0, 2242.6, 23.4, 280.7, 25.7, 15},
	"boundedBuffer":                      {8.7, 7.2, 7.2, 5.3, 20.1, 6.2, 8},
	"WorkStealQueue":                     {6.0, 12.8, 0, 12.5, 48.1, 16.2, 10},
	"InterlockedWorkStealQueue":          {6.5, 427.7, 0, 14.1, 48.4, 13.4, 1},
	"InterlockedWorkStealQueueWithState": {6.0, 1366.8, 26.0, 5.0, 906.6, 204.5, 7},
	"StateWorkStealQueue":                {6.8, 5.0, 0, 6.2, 842.5, 198.6, 1},
}
