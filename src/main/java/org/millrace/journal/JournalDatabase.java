package org.millrace.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The journal of one engine: opens it, brings its schema up to date, and batches what is written.
 * Thread-safe.
 *
 * <p>Writes go through one thread, which commits many of them at once ({@link WriterStore}); reads
 * run beside it on connections of their own and see every write whose future has completed.
 */
public final class JournalDatabase implements AutoCloseable {
  private static final Duration UPKEEP_EVERY = Duration.ofMinutes(1);

  private final SqlDatabase database;
  private final Clock clock;
  private final HikariDataSource pool;
  private final Jdbi reading;
  private final Optional<WriterStore> writer;
  private final IntakeStore intake;
  private final QueueStore queue;
  private final LedgerStore ledger;
  private final CallStore calls;
  private final ListingStore listing;
  private final RequestStore requests;
  private final OperatorStore operators;
  private final PauseStore pauses;
  private final RestoreStore restores;
  private final BacklogStore backlog;
  private final QueryStore queries;
  private final FigureStore figures;
  private final CodeStore codes;
  private final WireStore wire;
  private final AlertStore alerts;
  private final SnoozeStore snoozes;
  private final PeerBlockStore peerBlocks;
  private final CallerStore callers;
  private final AccountStore accounts;
  private final SavedViewStore savedViews;
  private final CreateRequestStore createRequests;
  private final AskedCreateStore askedCreates;
  private final AuditStore audit;
  private final AuditTrailStore auditTrail;
  private final ApplicationReplyStore applicationReplies;
  private final BusinessKeyStore businessKeys;
  private final ContinuationStore continuations;
  private final WaitingStore waiting;
  private final TurnStore turns;
  private final LaneLeases leases;
  private final RetentionWalk retention = new RetentionWalk(this);
  private volatile JournalSecrets secrets = JournalSecrets.PLAIN;
  private Optional<KeyChangeStore> keyChange = Optional.empty();
  private Optional<Upkeep> upkeep = Optional.empty();

  /**
   * @param writer empty if nothing is to be written
   * @param chain of the audit trail that is added to
   */
  JournalDatabase(
      SqlDatabase database,
      Clock clock,
      Optional<WriterStore> writer,
      LaneLeases leases,
      String chain) {
    this.database = database;
    this.clock = clock;
    this.writer = writer;
    this.leases = leases;
    this.pool = database.reading();
    this.reading = database.adapted(Jdbi.create(pool));
    this.intake = new IntakeStore(this);
    this.queue = new QueueStore(this);
    this.ledger = new LedgerStore(this);
    this.calls = new CallStore(this);
    this.listing = new ListingStore(this);
    this.requests = new RequestStore(this);
    this.operators = new OperatorStore(this);
    this.pauses = new PauseStore(this);
    this.restores = new RestoreStore(this);
    this.backlog = new BacklogStore(this);
    this.queries = new QueryStore(this);
    this.figures = new FigureStore(this);
    this.codes = new CodeStore(this);
    this.wire = new WireStore(this);
    this.alerts = new AlertStore(this);
    this.snoozes = new SnoozeStore(this);
    this.peerBlocks = new PeerBlockStore(this);
    this.callers = new CallerStore(this);
    this.accounts = new AccountStore(this);
    this.savedViews = new SavedViewStore(this);
    this.createRequests = new CreateRequestStore(this);
    this.askedCreates = new AskedCreateStore(this);
    this.audit = new AuditStore(this, chain);
    this.auditTrail = new AuditTrailStore(this);
    this.applicationReplies = new ApplicationReplyStore(this);
    this.businessKeys = new BusinessKeyStore(this);
    this.continuations = new ContinuationStore(this);
    this.waiting = new WaitingStore(this);
    this.turns = new TurnStore(this);
    writer.ifPresent(each -> each.whenRecovered(audit::handOver));
  }

  /** A journal in a folder, not encrypted. */
  public static JournalDatabase open(Path folder, Clock clock) {
    return open(new JournalPlace.Folder(folder), clock);
  }

  /** A journal that is not encrypted. */
  public static JournalDatabase open(JournalPlace place, Clock clock) {
    return open(place, clock, LeaseTimes.DEFAULT);
  }

  /** The same, among engines that share it and go by these times; all by the same. */
  public static JournalDatabase open(JournalPlace place, Clock clock, LeaseTimes times) {
    return open(place, ContentKeys.NONE, clock, times);
  }

  /** Opens the engine's own journal, with the usual times. */
  public static JournalDatabase open(JournalPlace place, ContentKeys keys, Clock clock) {
    return open(place, keys, clock, LeaseTimes.DEFAULT);
  }

  /**
   * Opens the engine's own journal; creates folder and database, or the tables in a PostgreSQL
   * database, if there are none. A folder that we make is readable by the engine's user only: it
   * holds patient data.
   *
   * @param keys of its contents; with a first key, what is plain in it is encrypted before this
   *     returns
   * @param times by which engines that share it go; all by the same
   * @throws JournalException if another engine has the folder open, the journal cannot be opened or
   *     migrated, or a key of its contents is missing or wrong
   */
  public static JournalDatabase open(
      JournalPlace place, ContentKeys keys, Clock clock, LeaseTimes times) {
    return new OpeningStore(place, keys, clock).engine(times);
  }

  /**
   * As {@link #open}, on a journal that is there, and that no engine or command has open.
   *
   * @throws JournalException if there is none, or somebody has it open
   */
  public static JournalDatabase openAlone(JournalPlace place, ContentKeys keys, Clock clock) {
    return new OpeningStore(place, keys, clock).alone();
  }

  /** Reads and writes by these keys from now on. */
  void unlockedBy(JournalSecrets found) {
    secrets = found;
  }

  /** Reads what is kept in memory, and begins with the upkeep. */
  void load(ContentKeys keys) {
    queue.loadFeeds();
    restores.load();
    keepUp(keys);
  }

  private void keepUp(ContentKeys keys) {
    keyChange =
        keys.keys().stream().findFirst().map(first -> new KeyChangeStore(first.id(), secrets));
    upkeep = Optional.of(new Upkeep(this::keepUpStep, UPKEEP_EVERY).start());
  }

  /** A small step of what nobody waits for; true if there is more to do now. */
  synchronized boolean keepUpStep() {
    boolean changing = keyChange.isPresent() && keyChange.get().step(this).join();
    return changing || retention.step() || createRequests.removeSome();
  }

  /** A journal in a folder that is not encrypted, or of which no content is to be read. */
  public static JournalDatabase openReadOnly(Path folder, Clock clock) {
    return openReadOnly(new JournalPlace.Folder(folder), clock);
  }

  /** A journal that is not encrypted, or of which no content is to be read. */
  public static JournalDatabase openReadOnly(JournalPlace place, Clock clock) {
    return openReadOnly(place, ContentKeys.NONE, clock);
  }

  /**
   * Opens a journal to look into, beside a running engine or without one; every write fails.
   *
   * @param keys of its contents; without them, everything else can be read
   * @throws JournalException if there is none, one of another version of the engine, or one of
   *     other keys
   */
  public static JournalDatabase openReadOnly(JournalPlace place, ContentKeys keys, Clock clock) {
    return new OpeningStore(place, keys, clock).readOnly();
  }

  /** A journal in a folder, not encrypted. */
  public static JournalDatabase openForRequests(Path folder, Clock clock) {
    return openForRequests(new JournalPlace.Folder(folder), clock);
  }

  /** A journal that is not encrypted. */
  public static JournalDatabase openForRequests(JournalPlace place, Clock clock) {
    return openForRequests(place, ContentKeys.NONE, clock);
  }

  /**
   * As {@link #openReadOnly}, and {@link RequestStore#ask} can leave a request for the engine.
   *
   * @throws JournalException as {@link #openReadOnly}
   */
  public static JournalDatabase openForRequests(JournalPlace place, ContentKeys keys, Clock clock) {
    return new OpeningStore(place, keys, clock).forRequests();
  }

  public IntakeStore intake() {
    return intake;
  }

  public QueueStore queue() {
    return queue;
  }

  public LedgerStore ledger() {
    return ledger;
  }

  public CallStore calls() {
    return calls;
  }

  public ListingStore listing() {
    return listing;
  }

  public RequestStore requests() {
    return requests;
  }

  public OperatorStore operators() {
    return operators;
  }

  public PauseStore pauses() {
    return pauses;
  }

  /** Whether it was put back from a backup. */
  public RestoreStore restores() {
    return restores;
  }

  public BacklogStore backlog() {
    return backlog;
  }

  /** What was answered to queries. */
  public QueryStore queries() {
    return queries;
  }

  /** How many messages came and what became of them. */
  public FigureStore figures() {
    return figures;
  }

  public CodeStore codes() {
    return codes;
  }

  public WireStore wire() {
    return wire;
  }

  /** What is the matter, and who is to be told. */
  public AlertStore alerts() {
    return alerts;
  }

  public SnoozeStore snoozes() {
    return snoozes;
  }

  public PeerBlockStore peerBlocks() {
    return peerBlocks;
  }

  /** Puts on record who asked, saw and changed what. */
  public AuditStore audit() {
    return audit;
  }

  /** Looks into what that put on record. */
  public AuditTrailStore auditTrail() {
    return auditTrail;
  }

  public CallerStore callers() {
    return callers;
  }

  /** Who may log in at the console. */
  public AccountStore accounts() {
    return accounts;
  }

  /** Lists of messages that people have named. */
  public SavedViewStore savedViews() {
    return savedViews;
  }

  public CreateRequestStore createRequests() {
    return createRequests;
  }

  /** Creates of HTTP callers that are delivered like messages. */
  public AskedCreateStore askedCreates() {
    return askedCreates;
  }

  public ApplicationReplyStore applicationReplies() {
    return applicationReplies;
  }

  public BusinessKeyStore businessKeys() {
    return businessKeys;
  }

  public ContinuationStore continuations() {
    return continuations;
  }

  public WaitingStore waiting() {
    return waiting;
  }

  public TurnStore turns() {
    return turns;
  }

  /** Which lanes this engine may deliver. */
  public LaneLeases leases() {
    return leases;
  }

  /**
   * From now on, removes messages that are done with when their time is over.
   *
   * @param otherwise for feeds that say nothing of it
   * @param open the feeds that are open now; others are known from their messages
   */
  public void keepFor(Retention otherwise, Collection<Feed> open) {
    retention.follow(otherwise, open);
  }

  /** How many contents were removed since the start because their time was over. */
  public long contentsRemoved() {
    return retention.contentsRemoved();
  }

  /** How many messages were removed altogether. */
  public long messagesRemoved() {
    return retention.messagesRemoved();
  }

  /** By what patients' numbers and the like are found again. */
  public SearchKeys searchKeys() {
    return secrets.searchKeys();
  }

  /** The keys its contents are or were encrypted with, oldest first; none if it is plain. */
  public List<ContentKeyState> keyStates() {
    return read(ContentKeyStore::states);
  }

  JournalSecrets secrets() {
    return secrets;
  }

  /** Shorthand of {@link IntakeStore#recordQuestion}. */
  public void recordQuestion(Question question) {
    intake.recordQuestion(question);
  }

  /** Holds the calling thread back while too much waits to be written behind answers. */
  void keepPace() {
    writer.ifPresent(each -> each.keepPace(audit::waiting));
  }

  /** How many records behind the answer (questions, calls, replies given) were lost since start. */
  public long lostRecords() {
    return writer.map(WriterStore::lost).orElse(0L);
  }

  /** Each transaction that was committed is told to this from now on, with how long it took. */
  public void whenCommitted(Consumer<Duration> listener) {
    writer.ifPresent(each -> each.whenCommitted(listener));
  }

  Clock clock() {
    return clock;
  }

  /** Hands over work; the future completes once it is on disk, or with a JournalException. */
  <T> CompletableFuture<T> write(WriterStore.Work<T> work) {
    return write(0, work);
  }

  /** As {@link #write(WriterStore.Work)}, for work that changes this message's row. */
  <T> CompletableFuture<T> write(long message, WriterStore.Work<T> work) {
    return write(message, Optional.empty(), work);
  }

  private <T> CompletableFuture<T> write(
      long message, Optional<Lease> lease, WriterStore.Work<T> work) {
    return writer
        .map(thread -> thread.write(message, lease, work))
        .orElseGet(() -> CompletableFuture.failedFuture(readingOnly()));
  }

  private static JournalException readingOnly() {
    return new JournalException("the journal is open for reading only");
  }

  /**
   * Hands over work that nobody waits for; it rides along with the next commit. The future
   * completes once it is on disk, or is lost.
   */
  CompletableFuture<?> writeLater(WriterStore.Work<?> work) {
    return writeLater(0, work);
  }

  /** As {@link #writeLater(WriterStore.Work)}, for work that changes this message's row. */
  CompletableFuture<?> writeLater(long message, WriterStore.Work<?> work) {
    if (writer.isEmpty()) {
      return CompletableFuture.failedFuture(readingOnly());
    }
    return writer.get().writeLater(message, work);
  }

  /**
   * Hands over what delivery writes of a message. It is written only if the lease that the calling
   * thread works under still stands in the very transaction; else the future completes with a
   * {@link LeaseLostException}.
   */
  <T> CompletableFuture<T> writeDelivery(long message, WriterStore.Work<T> work) {
    return write(message, leases.current(), work);
  }

  <T> T read(WriterStore.Work<T> work) {
    try {
      return reading.withHandle(work::run);
    } catch (JdbiException failure) {
      throw new JournalException("the journal could not be read", WriterStore.root(failure));
    }
  }

  /**
   * As {@link #read}, for several statements that a busy worker makes: on SQLite they see one state
   * of the journal, and what the first of them has read need not be read again by the next.
   */
  <T> T readAtOnce(WriterStore.Work<T> work) {
    return read(handle -> database.atOnce(handle, work));
  }

  /** Gives a little unused space back; 0 if there is none to give. */
  long giveSpaceBack(Handle handle) {
    return database.giveSpaceBack(handle);
  }

  /** See {@link SqlDatabase#engines}. */
  List<FigureStore.Sharing> engines(Handle handle) {
    return database.engines(handle);
  }

  /** See {@link SqlDatabase#completeUpTo}. */
  long completeUpTo(Handle handle) {
    return database.completeUpTo(handle);
  }

  /** Commits what was handed over, and closes. */
  @Override
  public void close() {
    upkeep.ifPresent(Upkeep::close);
    audit.finish();
    // The writer's connection is the last one: only it may bring SQLite's log of writes into the
    // file, and with that give back the space that was freed.
    pool.close();
    writer.ifPresent(WriterStore::close);
    leases.leave();
    database.close();
  }
}
