package org.millrace.guard;

import java.util.List;

/**
 * All that a request needs. There is no request without: whoever serves one must say.
 *
 * @param open anybody may ask, without a key
 * @param all each must be allowed; if none, every caller that is known may ask
 */
public record Needs(boolean open, List<Need> all) {
  /** Of what tells nothing but what the engine is. */
  public static final Needs OPEN = new Needs(true, List.of());

  /** Of what any caller may ask once it is known. */
  public static final Needs ANY_CALLER = new Needs(false, List.of());

  public Needs {
    all = List.copyOf(all);
  }

  /** Each of these. */
  public static Needs of(List<Need> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a need must be named, or be one that any caller has");
    }
    return new Needs(false, all);
  }

  /** Each of these. */
  public static Needs of(Need... all) {
    return of(List.of(all));
  }
}
