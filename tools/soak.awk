# The table at the end of "make soak", from the lines that its tests print:
#   soak: WHAT COUNT losses N
# where WHAT may be several words.
/^soak: / { n++; count[n] = $(NF-2); lost[n] = $NF; all += $NF; what[n] = $0; sub(/^soak: /, "", what[n]); sub(/ [0-9]+ losses [0-9]+$/, "", what[n]); next }
/^ *(=== |--- SKIP)/ || /no test files/ || /^(ok|PASS)/ { next }
{ print }
END {
	printf "\n%-32s %12s %8s\n", "what", "count", "losses"
	for (i = 1; i <= n; i++) printf "%-32s %12s %8s\n", what[i], count[i], lost[i]
	print "losses in all: " all + 0
	exit all > 0
}
