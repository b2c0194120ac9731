package io.milena.replication.model;

import io.milena.replication.EpochEnd;
import io.milena.replication.LogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A log that loses a part of what was not forced when its broker dies. Nothing of it is ever wrong otherwise. */
public final class ModelLog implements LogView {
    private final List<Entry> entries = new ArrayList<>();
    private long startOffset;
    private long forcedEndOffset;
    /** How often the end was taken away: a force that began before means nothing then. */
    private int truncations;

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long forcedEndOffset() {
        return forcedEndOffset;
    }

    @Override
    public long endOffset() {
        return startOffset + entries.size();
    }

    @Override
    public int latestEpoch() {
        return entries.isEmpty() ? -1 : entries.getLast().epoch();
    }

    @Override
    public EpochEnd endOf(int epoch) {
        if (entries.isEmpty() || epoch < 0 || epoch > latestEpoch()) {
            return EpochEnd.UNKNOWN;
        }
        int found = -1;
        for (int at = 0; at < entries.size(); at++) {
            if (entries.get(at).epoch() > epoch) {
                return new EpochEnd(found < 0 ? epoch : found, startOffset + at);
            }
            found = entries.get(at).epoch();
        }
        return new EpochEnd(found, endOffset());
    }

    public boolean has(long offset) {
        return offset >= startOffset && offset < endOffset();
    }

    public Entry at(long offset) {
        return entries.get((int) (offset - startOffset));
    }

    public List<Entry> from(long offset, int countMax) {
        int begin = (int) (offset - startOffset);
        return List.copyOf(entries.subList(begin, Math.min(entries.size(), begin + countMax)));
    }

    int truncations() {
        return truncations;
    }

    public void append(Entry entry) {
        entries.add(entry);
    }

    public void forced(long offset) {
        forcedEndOffset = Math.max(forcedEndOffset, offset);
    }

    public void moveStart(long offset) {
        entries.subList(0, (int) (offset - startOffset)).clear();
        startOffset = offset;
        forcedEndOffset = Math.max(forcedEndOffset, offset);
    }

    public void truncate(long offset) {
        truncations++;
        if (offset < startOffset) {
            startAnew(offset);
            return;
        }
        cut(offset);
    }

    private void cut(long offset) {
        entries.subList((int) (offset - startOffset), entries.size()).clear();
        forcedEndOffset = Math.min(forcedEndOffset, offset);
    }

    public void startAnew(long offset) {
        truncations++;
        entries.clear();
        startOffset = offset;
        forcedEndOffset = offset;
    }

    public void crash(Random random) {
        truncations++;
        long unforced = endOffset() - forcedEndOffset;
        cut(forcedEndOffset + (unforced == 0 ? 0 : random.nextLong(unforced + 1)));
        forcedEndOffset = endOffset();
    }
}
