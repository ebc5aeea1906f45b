//! The tensors that a configuration asks for: names as in the published checkpoint.

use crate::config::Config;

/// Name and shape of every tensor, sorted by name.
pub fn expected(config: &Config) -> Vec<(String, Vec<usize>)> {
    let mut shapes = Shapes(Vec::new());
    shapes.vit(config);
    shapes.backbone(config);
    shapes.planes_and_decoder(config);
    shapes.0.sort();
    shapes.0
}

struct Shapes(Vec<(String, Vec<usize>)>);

impl Shapes {
    fn add(&mut self, name: &str, shape: &[usize]) {
        self.0.push((name.to_owned(), shape.to_vec()));
    }

    fn linear(&mut self, name: &str, outputs: usize, inputs: usize) {
        self.add(&format!("{name}.weight"), &[outputs, inputs]);
        self.add(&format!("{name}.bias"), &[outputs]);
    }

    fn norm(&mut self, name: &str, channels: usize) {
        self.add(&format!("{name}.weight"), &[channels]);
        self.add(&format!("{name}.bias"), &[channels]);
    }

    fn vit(&mut self, config: &Config) {
        let vit = &config.vit;
        let (hidden, patch, learnt) = (vit.hidden, vit.patch, vit.learnt_side());
        let model = "image_tokenizer.model";
        let embeddings = format!("{model}.embeddings");
        self.add(&format!("{embeddings}.cls_token"), &[1, 1, hidden]);
        self.add(
            &format!("{embeddings}.position_embeddings"),
            &[1, learnt * learnt + 1, hidden],
        );
        let projection = format!("{embeddings}.patch_embeddings.projection");
        self.add(&format!("{projection}.weight"), &[hidden, 3, patch, patch]);
        self.add(&format!("{projection}.bias"), &[hidden]);
        for layer in 0..vit.layers {
            let layer = format!("{model}.encoder.layer.{layer}");
            for part in ["query", "key", "value"] {
                self.linear(
                    &format!("{layer}.attention.attention.{part}"),
                    hidden,
                    hidden,
                );
            }
            self.linear(&format!("{layer}.attention.output.dense"), hidden, hidden);
            self.linear(
                &format!("{layer}.intermediate.dense"),
                vit.intermediate,
                hidden,
            );
            self.linear(&format!("{layer}.output.dense"), hidden, vit.intermediate);
            self.norm(&format!("{layer}.layernorm_before"), hidden);
            self.norm(&format!("{layer}.layernorm_after"), hidden);
        }
        self.norm(&format!("{model}.layernorm"), hidden);
        // Nothing uses the pooler, but every checkpoint has it.
        self.linear(&format!("{model}.pooler.dense"), hidden, hidden);
    }

    fn backbone(&mut self, config: &Config) {
        let backbone = &config.backbone;
        let (channels, inner) = (backbone.channels, backbone.inner());
        self.norm("backbone.norm", channels);
        self.linear("backbone.proj_in", inner, channels);
        self.linear("backbone.proj_out", channels, inner);
        for block in 0..backbone.layers {
            let block = format!("backbone.transformer_blocks.{block}");
            for (attention, context) in [("attn1", inner), ("attn2", config.vit.hidden)] {
                let attention = format!("{block}.{attention}");
                self.add(&format!("{attention}.to_q.weight"), &[inner, inner]);
                self.add(&format!("{attention}.to_k.weight"), &[inner, context]);
                self.add(&format!("{attention}.to_v.weight"), &[inner, context]);
                self.linear(&format!("{attention}.to_out.0"), inner, inner);
            }
            let hidden = backbone.feed_forward();
            self.linear(&format!("{block}.ff.net.0.proj"), 2 * hidden, inner);
            self.linear(&format!("{block}.ff.net.2"), inner, hidden);
            for norm in ["norm1", "norm2", "norm3"] {
                self.norm(&format!("{block}.{norm}"), inner);
            }
        }
    }

    fn planes_and_decoder(&mut self, config: &Config) {
        let (channels, side) = (config.backbone.channels, config.plane_size);
        self.add("tokenizer.embeddings", &[3, channels, side, side]);
        self.add(
            "post_processor.upsample.weight",
            &[channels, config.plane_channels, 2, 2],
        );
        self.add("post_processor.upsample.bias", &[config.plane_channels]);
        for layer in 0..=config.decoder.hidden_layers {
            let (outputs, inputs) = config.decoder_layer(layer);
            self.linear(&format!("decoder.layers.{}", 2 * layer), outputs, inputs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_config_asks_for_the_published_tensors() {
        let config = include_str!("../tests/data/published-size-config.yaml");
        let config = Config::from_text(config, None).unwrap();
        let asked: String = expected(&config)
            .iter()
            .map(|(name, shape)| {
                let shape: Vec<_> = shape.iter().map(ToString::to_string).collect();
                format!("{name}\t{}\n", shape.join("x"))
            })
            .collect();
        let published = include_str!("../tests/data/published-tensor-shapes.tsv");
        for (asked, published) in asked.lines().zip(published.lines()) {
            assert_eq!(asked, published);
        }
        assert_eq!(asked.lines().count(), published.lines().count());
    }
}
