//! A renderer in plain arithmetic, so that pictures of the window need no graphics card and no display.
//!
//! It draws what egui's own renderers draw: triangles with a colour times a texture, clipped, blended with
//! premultiplied alpha in gamma space. Corners are snapped to 1/256 pixel and coverage is decided in whole numbers at
//! pixel centres with the top-left rule, so two triangles that share an edge never both draw a pixel nor leave a gap,
//! and every machine gives the same picture.
//!
//! **Limitations**: no mipmaps, no dithering, and paint callbacks are refused.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "a rasteriser turns corners into pixels; all values are within a screen"
)]

use egui::epaint::{ImageData, ImageDelta, Mesh, Primitive, Vertex};
use egui::{
    Color32, Context, FullOutput, Rect, TextureFilter, TextureId, TextureOptions, TextureWrapMode, TexturesDelta,
};
use egui_kittest::TestRenderer;
use image::RgbaImage;
use std::collections::HashMap;
use std::ops::Range;

/// Steps per pixel to which corners are snapped.
const SUBPIXELS: i64 = 256;

/// Draws egui's output on the processor: `Harness::builder().renderer(CpuRenderer::default())`.
#[derive(Default)]
pub struct CpuRenderer {
    textures: HashMap<TextureId, Texture>,
    /// Freed by the last delta; its own frame may still draw them.
    freed: Vec<TextureId>,
}

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for id in self.freed.drain(..) {
            self.textures.remove(&id);
        }
        for (id, images) in delta.set.drain() {
            for image in images {
                self.textures.entry(id).or_default().update(&image);
            }
        }
        self.freed.extend(delta.free.drain());
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = (ctx.content_rect().size() * scale).round();
        let (width, height) = (size.x as usize, size.y as usize);
        let mut canvas = Canvas { width, height, pixels: vec![[0; 4]; width * height] };
        for clipped in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &clipped.primitive else {
                return Err("a paint callback needs a graphics card".to_owned());
            };
            let Some(texture) = self.textures.get(&mesh.texture_id) else {
                return Err(format!("texture {:?} was never set", mesh.texture_id));
            };
            canvas.mesh(mesh, texture, clipped.clip_rect, scale);
        }
        RgbaImage::from_raw(width as u32, height as u32, canvas.pixels.into_flattened())
            .ok_or_else(|| "the picture has another size than its pixels".to_owned())
    }
}

#[derive(Default)]
struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    fn update(&mut self, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        self.options = delta.options;
        let Some([left, top]) = delta.pos else {
            (self.size, self.pixels) = (image.size, image.pixels.clone());
            return;
        };
        for (row, pixels) in image.pixels.chunks_exact(image.size[0]).enumerate() {
            let start = (top + row) * self.size[0] + left;
            self.pixels[start..start + pixels.len()].copy_from_slice(pixels);
        }
    }

    /// The texel at whole coordinates, which may lie outside.
    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let wrap = |at: i64, size: usize| {
            let size = size as i64;
            let wrapped = match self.options.wrap_mode {
                TextureWrapMode::ClampToEdge => at.clamp(0, size - 1),
                TextureWrapMode::Repeat => at.rem_euclid(size),
                TextureWrapMode::MirroredRepeat => {
                    let at = at.rem_euclid(2 * size);
                    at.min(2 * size - 1 - at)
                }
            };
            wrapped as usize
        };
        parts(self.pixels[wrap(y, self.size[1]) * self.size[0] + wrap(x, self.size[0])])
    }

    /// The colour, 0 to 255, at a place in texels.
    fn sample(&self, u: f32, v: f32, filter: TextureFilter) -> [f32; 4] {
        if filter == TextureFilter::Nearest {
            return self.texel(u.floor() as i64, v.floor() as i64);
        }
        let (u, v) = (u - 0.5, v - 0.5);
        let (left, top) = (u.floor(), v.floor());
        let (right, down) = (u - left, v - top);
        let (x, y) = (left as i64, top as i64);
        let upper = mix(self.texel(x, y), self.texel(x + 1, y), right);
        if down == 0.0 { upper } else { mix(upper, mix(self.texel(x, y + 1), self.texel(x + 1, y + 1), right), down) }
    }
}

fn parts(color: Color32) -> [f32; 4] {
    color.to_array().map(f32::from)
}

fn mix(a: [f32; 4], b: [f32; 4], share: f32) -> [f32; 4] {
    let at = |i: usize| a[i] + (b[i] - a[i]) * share;
    [at(0), at(1), at(2), at(3)]
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, clip: Rect, scale: f32) {
        let edge = |points: f32, most: usize| (points * scale).round().clamp(0.0, most as f32) as i64;
        let columns = edge(clip.min.x, self.width)..edge(clip.max.x, self.width);
        let rows = edge(clip.min.y, self.height)..edge(clip.max.y, self.height);
        for [a, b, c] in mesh.triangles() {
            let corners = [a, b, c].map(|index| mesh.vertices[index as usize]);
            let finite = corners.iter().all(|corner| corner.pos.is_finite());
            if let Some(triangle) = finite.then(|| Triangle::new(corners, texture, scale)).flatten() {
                triangle.draw(self, texture, &columns, &rows);
            }
        }
    }
}

/// A value that changes evenly across a triangle.
#[derive(Clone, Copy)]
struct Plane {
    base: f32,
    right: f32,
    down: f32,
}

/// A triangle in snapped coordinates, its corners so ordered that the inside of every edge is positive.
struct Triangle {
    corners: [[i64; 2]; 3],
    /// Red, green, blue, alpha (0 to 255), and the texture's u and v in texels, from the first corner.
    planes: [Plane; 6],
    filter: TextureFilter,
    /// One colour and one texel for all of it.
    flat: bool,
}

impl Triangle {
    /// `None` when it covers nothing.
    fn new(mut vertices: [Vertex; 3], texture: &Texture, scale: f32) -> Option<Self> {
        // Far outside any screen; keeps the products below within whole numbers.
        let snap = |points: f32| (points * scale * SUBPIXELS as f32).round().clamp(-1e8, 1e8) as i64;
        let corner = |vertex: &Vertex| [snap(vertex.pos.x), snap(vertex.pos.y)];
        let mut area = cross(corner(&vertices[0]), corner(&vertices[1]), corner(&vertices[2]));
        if area < 0 {
            vertices.swap(1, 2);
            area = -area;
        }
        if area == 0 {
            return None;
        }
        let corners = [corner(&vertices[0]), corner(&vertices[1]), corner(&vertices[2])];
        let values = vertices.map(|vertex| {
            let [r, g, b, a] = parts(vertex.color);
            [r, g, b, a, vertex.uv.x * texture.size[0] as f32, vertex.uv.y * texture.size[1] as f32]
        });
        let unit = SUBPIXELS as f32;
        let side = |to: usize, axis: usize| (corners[to][axis] - corners[0][axis]) as f32 / unit;
        let (x1, y1, x2, y2) = (side(1, 0), side(1, 1), side(2, 0), side(2, 1));
        let double = area as f32 / (unit * unit);
        let plane = |i: usize| {
            let (first, second) = (values[1][i] - values[0][i], values[2][i] - values[0][i]);
            let right = (first * y2 - second * y1) / double;
            let down = (second * x1 - first * x2) / double;
            Plane { base: values[0][i], right, down }
        };
        let planes = [plane(0), plane(1), plane(2), plane(3), plane(4), plane(5)];
        let texels_per_pixel =
            planes[4..].iter().map(|plane| plane.right.abs().max(plane.down.abs())).fold(0.0, f32::max);
        let options = texture.options;
        let filter = if texels_per_pixel > 1.0 { options.minification } else { options.magnification };
        Some(Self { corners, planes, filter, flat: values[0] == values[1] && values[0] == values[2] })
    }

    fn draw(&self, canvas: &mut Canvas, texture: &Texture, columns: &Range<i64>, rows: &Range<i64>) {
        let ys = self.corners.map(|corner| corner[1]);
        let (top, bottom) = (ys.iter().min().copied().unwrap_or(0), ys.iter().max().copied().unwrap_or(0));
        let first = rows.start.max(top.div_euclid(SUBPIXELS));
        let last = rows.end.min(bottom.div_euclid(SUBPIXELS) + 1);
        let constant = self.flat.then(|| self.color(texture, 0.0, 0.0));
        for y in first..last {
            let span = self.span(y, columns);
            if span.is_empty() {
                continue;
            }
            let start = y as usize * canvas.width;
            let line = &mut canvas.pixels[start + span.start as usize..start + span.end as usize];
            match constant {
                Some([r, g, b, a]) if a >= 255.0 => line.fill([r, g, b, a].map(|part| (part + 0.5) as u8)),
                Some(color) => line.iter_mut().for_each(|pixel| blend(pixel, color)),
                None => {
                    let down = self.away(y, 1);
                    for (pixel, x) in line.iter_mut().zip(span) {
                        blend(pixel, self.color(texture, self.away(x, 0), down));
                    }
                }
            }
        }
    }

    /// How far the centre of a pixel is from the first corner, in pixels.
    fn away(&self, pixel: i64, axis: usize) -> f32 {
        (pixel * SUBPIXELS + SUBPIXELS / 2 - self.corners[0][axis]) as f32 / SUBPIXELS as f32
    }

    /// The pixels of a row whose centres are inside, or on a top or left edge.
    fn span(&self, y: i64, columns: &Range<i64>) -> Range<i64> {
        let (mut start, mut end) = (columns.start, columns.end);
        for i in 0..3 {
            let (from, to) = (self.corners[i], self.corners[(i + 1) % 3]);
            let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
            // The inside is to the right of an edge that goes up, and below one that goes right.
            let top_left = dy < 0 || (dy == 0 && dx > 0);
            let centre = [SUBPIXELS / 2, y * SUBPIXELS + SUBPIXELS / 2];
            let at_zero = cross(from, to, centre) - i64::from(!top_left);
            let step = -dy * SUBPIXELS;
            match step {
                0 if at_zero < 0 => return 0..0,
                0 => {}
                1.. => start = start.max(-at_zero.div_euclid(step)),
                _ => end = end.min(at_zero.div_euclid(-step) + 1),
            }
        }
        start..end
    }

    fn color(&self, texture: &Texture, right: f32, down: f32) -> [f32; 4] {
        let at = |i: usize| self.planes[i].base + self.planes[i].right * right + self.planes[i].down * down;
        let texel = texture.sample(at(4), at(5), self.filter);
        let part = |i: usize| (at(i).clamp(0.0, 255.0) * texel[i] / 255.0).clamp(0.0, 255.0);
        [part(0), part(1), part(2), part(3)]
    }
}

/// Twice the area between an edge and a point; positive inside.
fn cross(from: [i64; 2], to: [i64; 2], point: [i64; 2]) -> i64 {
    (to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0])
}

/// Puts a premultiplied colour over a pixel.
fn blend(pixel: &mut [u8; 4], color: [f32; 4]) {
    if color[3] <= 0.0 && color[0] <= 0.0 && color[1] <= 0.0 && color[2] <= 0.0 {
        return;
    }
    let rest = 1.0 - color[3] / 255.0;
    for i in 0..4 {
        pixel[i] = (color[i] + f32::from(pixel[i]) * rest + 0.5) as u8;
    }
}
