package org.millrace.mapping;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of senders for labels of metrics. They come off the wire, so that so many are told apart,
 * and all others are one. Thread-safe.
 */
public final class SenderLabels {
  /** So many senders are told apart. */
  public static final int MOST = 50;

  /** All others. */
  public static final String OTHER = "other";

  private static final int LONGEST = 80;
  private static final Pattern UNFIT = Pattern.compile("[^\\p{L}\\p{N} @._/-]");

  private final Set<String> known = new HashSet<>();

  /**
   * The label of a sender.
   *
   * @param sender {@code MSH-3@MSH-4}
   */
  public synchronized String of(String sender) {
    String cut = sender.substring(0, Math.min(LONGEST, sender.length()));
    String name = UNFIT.matcher(cut).replaceAll("?");
    return known.contains(name) || (known.size() < MOST && known.add(name)) ? name : OTHER;
  }
}
