// @ts-check
/**
 * The only home of the shapes that the parts of the crew's module hand each other. Nothing here runs.
 *
 * @typedef {{fields: Record<string, any>, writers: Record<string, string | null>}} Row
 * One row as the server last told it.
 *
 * @typedef {Record<string, Record<string, Row>>} Rows
 * kind (a table's name: visits, jobs, …) → id → row.
 *
 * @typedef {object} Mutation
 * One thing that was done on this phone, as it is pushed.
 * @property {number} seq counts from 1 without a hole
 * @property {string} id UUID, version 7
 * @property {string} kind as in docs/OFFLINE.md: visit.move, note.add, …
 * @property {string} at the phone's own time, ISO with its offset
 * @property {string} tz IANA name of the phone's zone
 * @property {number} [offset_ms] the phone's clock minus the server's at the last hello
 * @property {number} [mono_ms] a counter that no change of the clock touches
 * @property {number} schema of the app that wrote it down
 * @property {Record<string, any>} args
 * @property {Record<string, string | null>} base field → id of the mutation whose value the person saw
 *
 * @typedef {object} Result
 * @property {number} seq
 * @property {"applied" | "duplicate" | "conflict" | "rejected" | "parked"} status
 * @property {string} code
 * @property {string} detail words for people
 * @property {string | null} conflict_id
 * @property {Record<string, any> | null} server what stands there
 *
 * @typedef {Mutation & {result?: Result}} Waiting
 * An entry of the outbox. One with a result is no longer sent; its effect stays on top of the rows until a pull that began
 * after the result has come, then it goes.
 *
 * @typedef {object} Attention
 * What a person has to decide. Stays until it is retried, edited or discarded.
 * @property {number} seq of the mutation that it came from (0 for a photo)
 * @property {"rejected" | "parked" | "conflict" | "unreadable" | "photo" | "storage"} why
 * @property {string} detail words for people
 * @property {Mutation | null} mutation
 * @property {string} [file_id]
 * @property {string} [conflict_id]
 * @property {string} at
 *
 * @typedef {object} HeldFile
 * A photo or receipt of which this phone holds the bytes, or has held them.
 * @property {string} id made here (UUID, version 7); the file's id everywhere
 * @property {string} visit_id
 * @property {"photo" | "receipt" | "document"} kind
 * @property {"before" | "during" | "after" | ""} phase
 * @property {string} name
 * @property {string} type
 * @property {number} size in bytes
 * @property {string} sha256 hex; "" while it is being worked out
 * @property {string} taken_at
 * @property {"phone" | "sending" | "stored" | "refused"} state `stored`: the server has all of it, hash compared
 * @property {number} sent bytes
 * @property {string} [detail] why it was refused
 * @property {string} [picture] an address for an <img>: a local thumbnail (blob:) or the server's
 *
 * @typedef {object} Grant
 * @property {string} member_id
 * @property {string} name
 * @property {string} until reading without a signal, until then
 * @property {string} [zone] the company's zone, IANA name
 * @property {string} [currency] of amounts that are claimed
 *
 * @typedef {object} Held
 * All that the screens are drawn from: one frozen object, another one after every change. Rows have the effects of the
 * outbox on top already.
 * @property {boolean} ready the stores were opened and read
 * @property {Rows} rows
 * @property {Waiting[]} outbox
 * @property {Attention[]} attention
 * @property {Record<string, HeldFile>} files
 * @property {Grant | null} grant
 * @property {{name: string, timezone: string, locale: string} | null} tenant
 * @property {boolean} expired the grant ran out: show nothing that is held, but what waits
 * @property {boolean} online whether the server answered last
 * @property {"idle" | "syncing" | "backoff"} doing
 * @property {"" | "sign_in" | "upgrade" | "wiped" | "offline" | "server" | "storage_full" | "storage_blocked"} trouble
 * @property {string} contact_at when the server last answered; "" where it never did
 * @property {number} offset_ms the phone's clock minus the server's
 * @property {boolean} skewed two minutes or more
 * @property {boolean | null} persisted whether the browser promised to keep the stores; null where it cannot tell
 * @property {string} version of the app that is installed; "" where none is
 * @property {boolean} update a newer app is installed and waits for a reload
 */
export {};
