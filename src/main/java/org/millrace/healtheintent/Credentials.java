package org.millrace.healtheintent;

import org.millrace.cerner.Call;
import org.millrace.cerner.Reply;

/** What goes into the header Authorization. Thread-safe. */
interface Credentials {

  /** The header's value. */
  Reply<String> authorization(Call call);

  /**
   * A request with this value was answered 401.
   *
   * @return whether another value may do
   */
  boolean refused(String value);
}
