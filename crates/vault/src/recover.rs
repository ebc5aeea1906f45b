//! What a vault's files say when it is opened, whatever the last process left in them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Id, UnixMillis};

use crate::epoch::{Epoch, SlotRef};
use crate::epochs::Epochs;
use crate::index::{Buried, Index, Object};
use crate::slot::{Entry, Fate, Slot};
use crate::vault::Layout;
use crate::{Reason, VaultError, files};

/// All slots that say anything.
pub(crate) struct Found {
    epochs: Vec<Arc<Epoch>>,
    slots: HashMap<Id, Vec<FoundSlot>>,
}

struct FoundSlot {
    entry: Entry,
    slot: SlotRef,
    says: Says,
}

#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// Its key opens.
    Live,
    /// Its receipt is not taken yet.
    Destroyed(Fate),
    /// Half-destroyed or half-written, edited, or its epoch's key is gone.
    Broken,
}

impl Found {
    /// The newest object's creation.
    pub(crate) fn newest(&self) -> UnixMillis {
        let slots = self.slots.values().flatten();
        slots
            .filter(|slot| slot.says == Says::Live)
            .map(|slot| slot.entry.terms.created())
            .max()
            .unwrap_or(UnixMillis(i64::MIN))
    }
}

/// Reads every slot. Those that a crash left half-written are freed: nobody was told of them.
pub(crate) fn read_slots(epochs: &Epochs) -> Result<Found, VaultError> {
    let epochs = epochs.all();
    let mut slots: HashMap<Id, Vec<FoundSlot>> = HashMap::new();
    for epoch in &epochs {
        for (record, index) in epoch.slots.records()?.iter().zip(0..) {
            let epoch = epoch.clone();
            let slot = SlotRef { epoch, index };
            let (entry, says) = match Slot::decode(record) {
                Slot::Free => {
                    slot.release();
                    continue;
                }
                Slot::Torn => {
                    slot.overwrite()?;
                    slot.release();
                    continue;
                }
                Slot::Destroyed(entry, fate) => (entry, Says::Destroyed(fate)),
                Slot::HalfDestroyed(entry) => (entry, Says::Broken),
                Slot::Live(entry, wrapped) => match slot.epoch.unwrap(&entry, &wrapped) {
                    Ok(_) => (entry, Says::Live),
                    Err(_) => (entry, Says::Broken),
                },
            };
            let found = FoundSlot { entry, slot, says };
            slots.entry(entry.terms.id).or_default().push(found);
        }
    }
    Ok(Found { epochs, slots })
}

/// Brings keys and bytes into agreement: each object has one slot, which opens, and its bytes;
/// what lacks either is destroyed. Afterwards the disk holds nothing that the index doesn't.
pub(crate) fn settle(found: Found, layout: &Layout, now: UnixMillis) -> Result<Index, VaultError> {
    let mut index = Index::default();
    for (id, mut slots) in found.slots {
        // The one that counts goes last. A receipt is final. A whole slot before a broken one: the
        // newer is the broken one only if a crash interrupted a move.
        slots.sort_by_key(|slot| (slot.says.weight(), slot.entry.revision));
        let Some(counts) = slots.pop() else { continue };
        for stale in &slots {
            stale.slot.overwrite()?;
        }
        let FoundSlot { entry, slot, says } = counts;
        let fate = match says {
            Says::Live if layout.object(id).exists() => None,
            Says::Destroyed(fate) => Some(fate),
            _ => Some(destroy(&entry, &slot, now)?),
        };
        for stale in slots {
            stale.slot.release();
        }
        match fate {
            None => {
                index.objects.insert(id, Object::new(entry, slot));
            }
            Some(fate) => {
                let terms = entry.terms;
                index.buried.insert(id, Buried { terms, fate, slot });
            }
        }
    }
    // Also what the last process wrote: it may have died before it was on the disk.
    for epoch in found.epochs.iter().filter(|epoch| epoch.slots.count() > 0) {
        epoch.slots.sync()?;
        epoch.slots.close();
    }
    remove_bytes_without_key(&index, layout)?;
    Ok(index)
}

impl Says {
    fn weight(self) -> u8 {
        match self {
            Self::Broken => 0,
            Self::Live => 1,
            Self::Destroyed(_) => 2,
        }
    }
}

fn destroy(entry: &Entry, slot: &SlotRef, now: UnixMillis) -> Result<Fate, VaultError> {
    let fate = match slot.epoch.end() <= now {
        true => slot.epoch.fate(),
        false => Fate {
            deleted_at: now,
            reason: Reason::Restart,
        },
    };
    slot.destroy(entry, &fate)?;
    Ok(fate)
}

fn remove_bytes_without_key(index: &Index, layout: &Layout) -> Result<(), VaultError> {
    for path in files::list(&layout.objects)? {
        if files::id_in(&path, "sealed").is_some_and(|id| !index.objects.contains_key(&id)) {
            files::unlink(&path)?;
        }
    }
    Ok(files::sync_folder(&layout.objects)?)
}
