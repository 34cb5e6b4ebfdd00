package org.millrace.journal;

/** Where a message stands on its way; the names are published, in listings and documents. */
public enum MessageState {
  /** Read and about to be stored; storing it puts it into the queue in the same commit. */
  RECEIVED,
  /** Stored and waiting for its turn. */
  QUEUED,
  /** Taken up by delivery; after a crash the ledger tells how far it came. */
  SENDING,
  /** Everything it asks for is filed, or the question was answered. */
  DELIVERED,
  /** Left out on purpose: nothing in it is to be filed. */
  FILTERED,
  /** It will be tried again without anybody's doing; its lane waits behind it. */
  RETRYING,
  /** A person must look. */
  HELD,
  /** It will never work as it is. */
  REFUSED,
  /** A person decided that it is not to be filed. */
  DISCARDED;

  /** True while delivery still has something to do. */
  public boolean waiting() {
    return this == QUEUED || this == SENDING || this == RETRYING;
  }

  /** True when nothing happens without a person. */
  public boolean stopped() {
    return this == HELD || this == REFUSED;
  }

  /** True when nothing is to come of it any more, unless a person begins anew. */
  public boolean finished() {
    return !waiting() && this != HELD && this != RECEIVED;
  }
}
