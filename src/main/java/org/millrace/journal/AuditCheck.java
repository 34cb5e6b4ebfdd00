package org.millrace.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks whether the audit trail is as it was written: every chain without gaps, every entry as its
 * hash says, every chain up to the end that is sealed, and up to what others have kept of it. For
 * one thread.
 */
public final class AuditCheck {
  private static final int AT_ONCE = 500;
  private static final int MOST_FAULTS = 100;

  private final AuditTrailStore audit;
  private final AuditSeals keyed;
  private final AuditSeals plain = new AuditSeals(SearchKeys.plain());
  private final Map<String, List<AuditHead>> kept = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final List<AuditHead> ends = new ArrayList<>();
  private long entries;

  /**
   * @param heads what was kept elsewhere; each must still be in its chain
   * @throws JournalException if the journal is encrypted and open without its key
   */
  public AuditCheck(JournalDatabase journal, List<AuditHead> heads) {
    this(journal.auditTrail(), journal.searchKeys(), heads);
  }

  AuditCheck(AuditTrailStore audit, SearchKeys keys, List<AuditHead> heads) {
    this.audit = audit;
    keyed = new AuditSeals(keys);
    heads.forEach(head -> kept.computeIfAbsent(head.chain(), any -> new ArrayList<>()).add(head));
  }

  /**
   * What came of it.
   *
   * @param entries how many were looked at
   * @param ends of the chains, to be kept elsewhere
   * @param faults sentences; empty if all is as it was written
   */
  public record Result(long entries, List<AuditHead> ends, List<String> faults) {}

  /** Looks at all of it. */
  public Result run() {
    // Where the key is missing, this fails, and not each entry.
    keyed.patient("");
    List<String> chains = audit.chains();
    chains.forEach(this::chain);
    for (Map.Entry<String, List<AuditHead>> each : kept.entrySet()) {
      if (!chains.contains(each.getKey())) {
        fault(each.getKey(), "is gone; an end of it was kept");
      }
    }
    return new Result(entries, List.copyOf(ends), List.copyOf(faults));
  }

  private void chain(String chain) {
    // Engines go on writing: what is behind this end is judged by its links alone.
    Optional<AuditEnd> sealed = audit.end(chain);
    long sealedAt = sealed.map(end -> end.head().seq()).orElse(0L);
    boolean endsAsSealed = false;
    AuditHead last = new AuditHead(chain, 0, AuditSeals.BEGINNING);
    boolean wasKeyed = false;
    List<AuditTrailStore.Row> rows = audit.ofChain(chain, 0, AT_ONCE);
    while (!rows.isEmpty()) {
      long upTo = rows.get(rows.size() - 1).entry().seq();
      Map<Long, Set<String>> foundBy = audit.patients(chain, last.seq(), upTo);
      for (AuditTrailStore.Row row : rows) {
        entries++;
        boolean isKeyed = SearchKeys.isKeyed(row.entry().hash());
        if (wasKeyed && !isKeyed) {
          fault(chain, "entry " + row.entry().seq() + " is not sealed, and those before are");
        }
        wasKeyed |= isKeyed;
        entry(last, row, isKeyed ? keyed : plain);
        patients(row, foundBy.getOrDefault(row.entry().id(), Set.of()));
        last = new AuditHead(chain, row.entry().seq(), row.entry().hash());
        if (last.seq() == sealedAt) {
          endsAsSealed = sealed.orElseThrow().equals(new AuditEnd(last, keyed.end(last)));
        }
      }
      rows = audit.ofChain(chain, last.seq(), AT_ONCE);
    }
    end(last, endsAsSealed && (last.seq() == sealedAt || hasGoneOn(last)));
  }

  /** Entries come together with the end behind them, so that none is beyond it. */
  private boolean hasGoneOn(AuditHead last) {
    return audit.end(last.chain()).filter(end -> end.head().seq() >= last.seq()).isPresent();
  }

  private void entry(AuditHead last, AuditTrailStore.Row row, AuditSeals seals) {
    AuditEntry entry = row.entry();
    String name = "entry " + entry.seq();
    if (entry.seq() != last.seq() + 1) {
      fault(entry.chain(), name + " follows entry " + last.seq() + ": entries between are gone");
    } else if (!entry
        .hash()
        .equals(
            seals.link(
                last.hash(), entry.chain(), entry.seq(), entry.event(), entry.commitment()))) {
      fault(entry.chain(), name + " is not what was written, or the one before it is not");
    }
    if (!entry.commitment().equals(commitment(entry, row))) {
      fault(entry.chain(), name + " has other details than were written");
    }
    for (AuditHead head : kept.getOrDefault(entry.chain(), List.of())) {
      if (head.seq() == entry.seq() && !head.hash().equals(entry.hash())) {
        fault(entry.chain(), name + " is another one than was kept");
      }
    }
    if (entry.event().what().equals(AuditStore.BROKEN_END)) {
      fault(
          entry.chain(),
          "did not end as it was sealed when "
              + name
              + " was written: entries before it are gone or were added");
    }
    coveredBy(entry);
  }

  /**
   * An entry is found by each patient among its details, and by no other: who takes that away hides
   * an access from whoever asks for those of a patient.
   */
  private void patients(AuditTrailStore.Row row, Set<String> foundBy) {
    AuditEntry entry = row.entry();
    // Whose it is stands in the details: of others than were written nothing more can be told.
    boolean known = entry.commitment().equals(commitment(entry, row));
    // What is not yet under the first key may come under it while it is looked at.
    boolean right =
        foundBy.equals(sought(keyed, entry))
            || (!row.sealed() && foundBy.equals(sought(plain, entry)));
    if (known && !right) {
      fault(
          entry.chain(),
          "entry " + entry.seq() + " is not found by the patients, or by those only, it is about");
    }
  }

  private static Set<String> sought(AuditSeals seals, AuditEntry entry) {
    return entry.event().patients().stream().map(seals::patient).collect(Collectors.toSet());
  }

  private String commitment(AuditEntry entry, AuditTrailStore.Row row) {
    return (SearchKeys.isKeyed(entry.commitment()) ? keyed : plain).commitment(row.salted());
  }

  /** A start says how far the other chains had come; they must have come so far. */
  private void coveredBy(AuditEntry entry) {
    String named = entry.event().details().getOrDefault(AuditStore.COVERS, "");
    for (String each : named.split(" ", -1)) {
      AuditHead.read(each)
          .filter(head -> !head.chain().equals(entry.chain()) && !audit.has(head))
          .ifPresent(
              head ->
                  fault(
                      head.chain(),
                      "entry "
                          + head.seq()
                          + " was there when "
                          + entry.chain()
                          + " began, and is"
                          + " not any more"));
    }
  }

  private void end(AuditHead last, boolean asSealed) {
    if (!asSealed) {
      fault(
          last.chain(), "does not end as it is sealed: entries at its end are gone or were added");
    }
    for (AuditHead head : kept.getOrDefault(last.chain(), List.of())) {
      if (head.seq() > last.seq()) {
        fault(
            last.chain(), "ends with entry " + last.seq() + "; entry " + head.seq() + " was kept");
      }
    }
    ends.add(last);
  }

  private void fault(String chain, String sentence) {
    if (faults.size() < MOST_FAULTS) {
      faults.add("chain " + chain + ": " + sentence);
    }
  }
}
