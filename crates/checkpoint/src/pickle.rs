//! The pickle inside a torch checkpoint, read by an interpreter that can't run anything.
//!
//! Python's pickle is a program for a stack machine (`Lib/pickletools.py` describes each opcode).
//! A flat dictionary of tensors needs two dozen of its opcodes and four names; everything else is
//! refused by name. Values live in one list and refer to each other by index, so neither deep
//! nesting nor sharing can cost more than the file is long.

use std::ops::Range;

use crate::Kept;
use crate::error::{Error, Result};

/// A tensor as the pickle describes it.
#[derive(Debug, PartialEq)]
pub(crate) struct Saved {
    /// Key of the storage: the file `data/<key>` beside the pickle.
    pub(crate) storage: String,
    pub(crate) kept: Kept,
    /// First number, counted in numbers from the storage's start.
    pub(crate) offset: usize,
    pub(crate) shape: Vec<usize>,
    pub(crate) strides: Vec<usize>,
}

impl Saved {
    /// Where the tensor's bytes lie, if its numbers follow each other and fit into its storage.
    pub(crate) fn place(&self, storage: &Range<usize>) -> Option<Range<usize>> {
        let mut count = 1usize;
        for (&size, &stride) in self.shape.iter().zip(&self.strides).rev() {
            // A dimension of one has any stride.
            if size != 1 && stride != count {
                return None;
            }
            count = count.checked_mul(size)?;
        }
        let unit = self.kept.bytes();
        let start = storage.start.checked_add(self.offset.checked_mul(unit)?)?;
        let end = start.checked_add(count.checked_mul(unit)?)?;
        (end <= storage.end).then_some(start..end)
    }
}

/// Index of a value.
type Ref = usize;

/// Dictionary or list under construction, or done.
enum Value {
    None,
    Bool(bool),
    Whole(i64),
    Text(String),
    Tuple(Vec<Ref>),
    List(Vec<Ref>),
    Dict(Vec<(Ref, Ref)>),
    Global(Global),
    /// A storage: key and kind.
    Storage(String, Kept),
    Tensor(Tensor),
}

#[derive(Clone, Copy)]
enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(Kept),
}

#[derive(Clone)]
struct Tensor {
    storage: Ref,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

/// The tensors of a flat dictionary, in its order, and the length of the pickle.
///
/// # Errors
/// [`Error::Damaged`] names the opcode or global that is refused, or what is damaged.
pub(crate) fn tensors(bytes: &[u8]) -> Result<(Vec<(String, Saved)>, usize)> {
    let (machine, root) = Machine::run_on(bytes)?;
    let Value::Dict(pairs) = &machine.values[root] else {
        return Err(wrong("is no dictionary of tensors"));
    };
    let mut tensors = Vec::with_capacity(pairs.len());
    for &(key, value) in pairs {
        let (Value::Text(name), Value::Tensor(tensor)) =
            (&machine.values[key], &machine.values[value])
        else {
            return Err(wrong("holds something beside tensors"));
        };
        let Value::Storage(storage, kept) = &machine.values[tensor.storage] else {
            return Err(wrong("has a tensor without storage"));
        };
        let Tensor {
            offset,
            shape,
            strides,
            ..
        } = tensor.clone();
        let saved = Saved {
            storage: storage.clone(),
            kept: *kept,
            offset,
            shape,
            strides,
        };
        tensors.push((name.clone(), saved));
    }
    Ok((tensors, machine.at))
}

/// The texts of a list, and the length of the pickle.
///
/// # Errors
/// As [`tensors`].
pub(crate) fn texts(bytes: &[u8]) -> Result<(Vec<String>, usize)> {
    let (machine, root) = Machine::run_on(bytes)?;
    let Value::List(items) = &machine.values[root] else {
        return Err(wrong("has no list of storages"));
    };
    let text = |&item: &Ref| match &machine.values[item] {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(wrong("has a storage without a name")),
    };
    Ok((items.iter().map(text).collect::<Result<_>>()?, machine.at))
}

/// Whether a dictionary says that this is so, and the length of the pickle.
///
/// # Errors
/// As [`tensors`].
pub(crate) fn is_so(bytes: &[u8], what: &str) -> Result<(bool, usize)> {
    let (machine, root) = Machine::run_on(bytes)?;
    let Value::Dict(pairs) = &machine.values[root] else {
        return Err(wrong("doesn't say where it was written"));
    };
    let so = pairs.iter().any(|&(key, value)| {
        matches!(&machine.values[key], Value::Text(text) if text == what)
            && matches!(machine.values[value], Value::Bool(true))
    });
    Ok((so, machine.at))
}

#[derive(Default)]
struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    values: Vec<Value>,
    stack: Vec<Ref>,
    /// Heights of the stack at each open mark.
    marks: Vec<usize>,
    memo: std::collections::BTreeMap<usize, Ref>,
}

impl<'a> Machine<'a> {
    /// Runs the first pickle in these bytes; the answer is where its result is.
    fn run_on(bytes: &'a [u8]) -> Result<(Self, Ref)> {
        let mut machine = Self {
            bytes,
            ..Self::default()
        };
        let root = machine.run()?;
        Ok((machine, root))
    }

    fn run(&mut self) -> Result<Ref> {
        loop {
            match self.byte()? {
                // PROTO, FRAME: what follows is said by the opcodes themselves.
                0x80 => _ = self.byte()?,
                0x95 => _ = self.take(8)?,
                b'.' => return self.pop(),
                b'(' => self.marks.push(self.stack.len()),
                b'0' => _ = self.pop()?,
                b'N' => self.push(Value::None),
                0x88 => self.push(Value::Bool(true)),
                0x89 => self.push(Value::Bool(false)),
                b'K' => {
                    let whole = i64::from(self.byte()?);
                    self.push(Value::Whole(whole));
                }
                b'M' => {
                    let whole = i64::from(u16::from_le_bytes(self.array()?));
                    self.push(Value::Whole(whole));
                }
                b'J' => {
                    let whole = i64::from(i32::from_le_bytes(self.array()?));
                    self.push(Value::Whole(whole));
                }
                0x8a => self.long()?,
                b'X' => {
                    let length = u32::from_le_bytes(self.array()?) as usize;
                    self.text(length)?;
                }
                0x8c => {
                    let length = usize::from(self.byte()?);
                    self.text(length)?;
                }
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.global(&module, &name)?;
                }
                0x93 => {
                    let (name, module) = (self.pop_text()?, self.pop_text()?);
                    self.global(&module, &name)?;
                }
                b')' => self.push(Value::Tuple(Vec::new())),
                0x85 => self.tuple(1)?,
                0x86 => self.tuple(2)?,
                0x87 => self.tuple(3)?,
                b't' => {
                    let items = self.pop_to_mark()?;
                    self.push(Value::Tuple(items));
                }
                b']' => self.push(Value::List(Vec::new())),
                b'a' => {
                    let item = self.pop()?;
                    self.extend_list(vec![item])?;
                }
                b'e' => {
                    let items = self.pop_to_mark()?;
                    self.extend_list(items)?;
                }
                b'}' => self.push(Value::Dict(Vec::new())),
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.extend_dict(&[key, value])?;
                }
                b'u' => {
                    let items = self.pop_to_mark()?;
                    self.extend_dict(&items)?;
                }
                b'q' => {
                    let slot = usize::from(self.byte()?);
                    self.remember(slot)?;
                }
                b'r' => {
                    let slot = u32::from_le_bytes(self.array()?) as usize;
                    self.remember(slot)?;
                }
                0x94 => self.remember(self.memo.len())?,
                b'h' => {
                    let slot = usize::from(self.byte()?);
                    self.recall(slot)?;
                }
                b'j' => {
                    let slot = u32::from_le_bytes(self.array()?) as usize;
                    self.recall(slot)?;
                }
                b'Q' => self.storage()?,
                b'R' => self.reduce()?,
                // BUILD sets attributes; a state dictionary's only one is its version.
                b'b' => _ = self.pop()?,
                other => {
                    return Err(wrong(&format!(
                        "uses opcode 0x{other:02x} ({:?}), which is refused",
                        char::from(other)
                    )));
                }
            }
        }
    }

    /// A call: only of the names that [`Machine::global`] let in.
    fn reduce(&mut self) -> Result<()> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let Value::Tuple(arguments) = &self.values[arguments] else {
            return Err(wrong("calls something without a tuple"));
        };
        let Value::Global(callee) = self.values[callee] else {
            return Err(wrong("calls something that is no name"));
        };
        match (callee, arguments.as_slice()) {
            (Global::OrderedDict, []) => self.push(Value::Dict(Vec::new())),
            (Global::RebuildTensor, &[storage, offset, shape, strides, ..]) => {
                let tensor = Tensor {
                    storage,
                    offset: self.size(offset)?,
                    shape: self.sizes(shape)?,
                    strides: self.sizes(strides)?,
                };
                if tensor.shape.len() != tensor.strides.len() || tensor.shape.len() > 8 {
                    return Err(wrong("has a tensor of odd shape"));
                }
                self.push(Value::Tensor(tensor));
            }
            (Global::RebuildParameter, &[tensor, ..]) => self.stack.push(tensor),
            _ => return Err(wrong("calls something with odd arguments")),
        }
        Ok(())
    }

    fn global(&mut self, module: &str, name: &str) -> Result<()> {
        let global = match (module, name) {
            ("collections", "OrderedDict") => Global::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Global::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Global::RebuildParameter,
            ("torch", "FloatStorage") => Global::Storage(Kept::F32),
            ("torch", "HalfStorage") => Global::Storage(Kept::F16),
            ("torch", "BFloat16Storage") => Global::Storage(Kept::Bf16),
            _ => {
                let name: String = format!("{module}.{name}").chars().take(80).collect();
                return Err(wrong(&format!("asks for {name:?}, which is refused")));
            }
        };
        self.push(Value::Global(global));
        Ok(())
    }

    /// A persistent id: `("storage", kind, key, device, count)`.
    fn storage(&mut self) -> Result<()> {
        let id = self.pop()?;
        let odd = || wrong("has a storage of a kind that is refused");
        let Value::Tuple(parts) = &self.values[id] else {
            return Err(odd());
        };
        let &[tag, kind, key, ..] = parts.as_slice() else {
            return Err(odd());
        };
        match (&self.values[tag], &self.values[kind], &self.values[key]) {
            (Value::Text(tag), Value::Global(Global::Storage(kept)), Value::Text(key))
                if tag == "storage" =>
            {
                let storage = Value::Storage(key.clone(), *kept);
                self.push(storage);
                Ok(())
            }
            _ => Err(odd()),
        }
    }

    fn extend_list(&mut self, items: Vec<Ref>) -> Result<()> {
        match self.top()? {
            Value::List(list) => list.extend(items),
            _ => return Err(wrong("appends to something that is no list")),
        }
        Ok(())
    }

    fn extend_dict(&mut self, items: &[Ref]) -> Result<()> {
        let (pairs, rest) = items.as_chunks::<2>();
        match self.top()? {
            Value::Dict(dict) if rest.is_empty() => {
                dict.extend(pairs.iter().map(|&[key, value]| (key, value)));
            }
            _ => return Err(wrong("sets items of something that is no dictionary")),
        }
        Ok(())
    }

    fn tuple(&mut self, length: usize) -> Result<()> {
        let from = self.stack.len().checked_sub(length).ok_or_else(cut)?;
        if self.marks.last().is_some_and(|&mark| mark > from) {
            return Err(cut());
        }
        let items = self.stack.split_off(from);
        self.push(Value::Tuple(items));
        Ok(())
    }

    /// LONG1: little-endian two's complement of up to eight bytes.
    fn long(&mut self) -> Result<()> {
        let length = usize::from(self.byte()?);
        let digits = self.take(length)?;
        if length > 8 {
            return Err(wrong("has a number of more than 64 bits"));
        }
        let fill = if digits.last().is_some_and(|&byte| byte >= 0x80) {
            0xff
        } else {
            0
        };
        let mut bytes = [fill; 8];
        bytes[..length].copy_from_slice(digits);
        self.push(Value::Whole(i64::from_le_bytes(bytes)));
        Ok(())
    }

    fn text(&mut self, length: usize) -> Result<()> {
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| wrong("has odd text"))?;
        let text = text.to_owned();
        self.push(Value::Text(text));
        Ok(())
    }

    fn size(&self, value: Ref) -> Result<usize> {
        match self.values[value] {
            Value::Whole(whole) => {
                usize::try_from(whole).map_err(|_| wrong("has a size below zero"))
            }
            _ => Err(wrong("has a size that is no number")),
        }
    }

    fn sizes(&self, value: Ref) -> Result<Vec<usize>> {
        match &self.values[value] {
            Value::Tuple(items) => items.iter().map(|&item| self.size(item)).collect(),
            _ => Err(wrong("has a shape that is no tuple")),
        }
    }

    fn remember(&mut self, slot: usize) -> Result<()> {
        let &value = self.stack.last().ok_or_else(cut)?;
        self.memo.insert(slot, value);
        Ok(())
    }

    fn recall(&mut self, slot: usize) -> Result<()> {
        let &value = self.memo.get(&slot).ok_or_else(cut)?;
        self.stack.push(value);
        Ok(())
    }

    fn push(&mut self, value: Value) {
        self.stack.push(self.values.len());
        self.values.push(value);
    }

    fn pop(&mut self) -> Result<Ref> {
        if self.marks.last() == Some(&self.stack.len()) {
            return Err(cut());
        }
        self.stack.pop().ok_or_else(cut)
    }

    fn pop_text(&mut self) -> Result<String> {
        let value = self.pop()?;
        match &self.values[value] {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(wrong("has a name that is no text")),
        }
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Ref>> {
        let mark = self.marks.pop().ok_or_else(cut)?;
        Ok(self.stack.split_off(mark))
    }

    fn top(&mut self) -> Result<&mut Value> {
        let &top = self.stack.last().ok_or_else(cut)?;
        Ok(&mut self.values[top])
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn take(&mut self, length: usize) -> Result<&[u8]> {
        let end = self.at.checked_add(length).ok_or_else(cut)?;
        let taken = self.bytes.get(self.at..end).ok_or_else(cut)?;
        self.at = end;
        Ok(taken)
    }

    /// Up to the end of the line.
    fn line(&mut self) -> Result<String> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .ok_or_else(cut)?;
        let line = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.at += length + 1;
        Ok(line)
    }
}

fn wrong(problem: &str) -> Error {
    Error::Damaged(format!("the pickle {problem}"))
}

fn cut() -> Error {
    wrong("is cut off or damaged")
}

#[cfg(test)]
mod tests;
